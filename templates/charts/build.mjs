/** Builds the dashboard's pictures: templates/charts/index.js to templates/static/dist/charts.<hash>.js. Run by `npm run build`. */
import {createHash} from 'node:crypto';
import {mkdir, readdir, rm, writeFile} from 'node:fs/promises';
import {createRequire} from 'node:module';
import {fileURLToPath} from 'node:url';

const here = new URL('.', import.meta.url);
const out = new URL('../static/dist/', here);
// the packages stand where they are pinned, in tracker/
const require = createRequire(new URL('../../tracker/package.json', here));
const {build} = require('esbuild');

const built = await build({
  entryPoints: [fileURLToPath(new URL('index.js', here))],
  nodePaths: [fileURLToPath(new URL('../../tracker/node_modules', here))],
  bundle: true, minify: true, format: 'esm', target: ['chrome111', 'firefox115', 'safari16.4'],
  legalComments: 'none', write: false,
});
const [{contents}] = built.outputFiles;
const hash = createHash('sha256').update(contents).digest('hex').slice(0, 12);

await mkdir(out, {recursive: true});
for (const name of await readdir(out)) if (/^charts\..*\.js$/.test(name)) await rm(new URL(name, out));
await writeFile(new URL(`charts.${hash}.js`, out), contents);
console.log(`charts.${hash}.js  ${Math.round(contents.length / 1024)} KB`);
