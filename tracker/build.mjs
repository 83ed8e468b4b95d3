/**
 * Builds the browser bundles into dist/: the tracker (netiv.<hash>.js with .br and .gz beside it, and
 * manifest.json with its name, size and integrity), and experiment.json, the templates of the second script.
 * Prints the sizes.
 */
import {createHash} from 'node:crypto';
import {mkdirSync, readdirSync, rmSync, writeFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {brotliCompressSync, constants, gzipSync} from 'node:zlib';
import {build} from 'esbuild';
import {minify} from 'terser';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));

/** Packed as small as brotli can: which distances it writes short differs from one text to the next, so a few are tried. */
const brotli = (data) => [0, 4, 8].map((NDIRECT) => brotliCompressSync(data, {params: {
  [constants.BROTLI_PARAM_QUALITY]: 11,
  [constants.BROTLI_PARAM_SIZE_HINT]: data.length,
  [constants.BROTLI_PARAM_NDIRECT]: NDIRECT,
}})).sort((one, other) => one.length - other.length)[0];

/**
 * The tracker as one script: what runs at once, and the rest as a function in its midst, which browsers only skim until
 * it is called. In a try as a whole: in a browser too old for it the page must not notice.
 */
async function tracker() {
  const bundle = async (entry, ...plugins) => (await build({
    entryPoints: [here(entry)], bundle: true, format: 'esm', target: 'es2021', write: false, charset: 'utf8', treeShaking: false, plugins,
  })).outputFiles[0].text;
  // The rest finds them around it.
  const shared = {name: 'shared', setup({onResolve}) {
    onResolve({filter: /\/(guard|config)\.js$/}, ({path}) => ({path, external: true}));
  }};
  const [first, rest] = await Promise.all([bundle('src/index.js'), bundle('src/rest.js', shared)]);
  // A name that several modules import has a number in each but one.
  const names = new Map();
  const body = rest
    .replace(/^import (.*) from .*;$/gm, (line, list) => [...list.matchAll(/(\w+) as (\w+)/g)].map(([, name, numbered]) => names.set(numbered, name)) && '')
    .replace(/export \{\s*(\w+)\s*\};/, 'return $1;')
    .replace(/\w+/g, (word) => names.get(word) || word);
  const start = first.replace(' rest(', ' /*@__NOINLINE__*/ rest('); // within its caller it would be read with that
  const {code} = await minify(`(()=>{try{${start}function rest(HOW,HREF,BEGAN){${body}}}catch{}})()`, {
    ecma: 2020,
    compress: {passes: 4, unsafe_arrows: true, pure_getters: true, keep_fargs: false, collapse_vars: false, lhs_constants: false},
    mangle: {properties: {regex: /^_/}},
  });
  return Buffer.from(code
    // esbuild has seen that nothing constant is assigned to; one word for both repeats more.
    .replace(/\bconst /g, 'let ')
    .replace(/\\u([0-9a-f]{4})/g, (escape, code) => String.fromCharCode(parseInt(code, 16))));
}

/** The text of a function that stands by itself. */
async function text(fn) {
  const {code} = await minify(`fn=${fn}`, {ecma: 2020, toplevel: true});
  return code.slice('fn='.length, -1);
}

/**
 * The second script: a template for each set of what a site's experiments may need, named by the letters of what is in
 * it ("gr"), the kinds of changes, each by itself, the bar of a preview, and
 * what visitors get for whom no experiment runs. experiments/delivery.py puts them together.
 */
async function experiment() {
  const needs = {g: 'GROUPS', r: 'REDIRECTS', w: 'WAITS', f: 'FORCED'};
  const sets = ['', 'g', 'r', 'gr', 'w', 'gw', 'rw', 'grw', 'rf'];
  const built = async (entry, set) => {
    const define = Object.fromEntries(Object.entries(needs).map(([letter, name]) => [name, String(set.includes(letter))]));
    const bundle = await build({
      entryPoints: [here(entry)], bundle: true, format: 'esm', target: 'es2021', write: false, charset: 'utf8', minifySyntax: true, define,
    });
    const {code} = await minify(`(()=>{try{${bundle.outputFiles[0].text}}catch{}})()`, {
      ecma: 2020, compress: {passes: 4, unsafe_arrows: true, pure_getters: true, keep_fargs: false, collapse_vars: false},
      mangle: {properties: {regex: /^_/}},
    });
    return code;
  };
  const templates = await Promise.all(sets.map(async (set) => [set, await built('src/experiment.js', set)]));
  const kinds = await Promise.all(Object.entries(await import('./src/changes.js')).map(async ([kind, change]) => [kind, await text(change)]));
  const {bar} = await import('./src/bar.js');
  return {templates: Object.fromEntries(templates), kinds: Object.fromEntries(kinds), bar: await text(bar), nobody: await built('src/nobody.js', '')};
}

const code = await tracker();
const second = await experiment();
const dist = here('dist/');
mkdirSync(dist, {recursive: true});
readdirSync(dist).filter((name) => /^netiv\./.test(name)).forEach((name) => rmSync(dist + name));
const name = `netiv.${createHash('sha256').update(code).digest('hex').slice(0, 12)}.js`;
const packed = {br: brotli(code), gz: gzipSync(code, {level: 9})};
writeFileSync(dist + name, code);
for (const [ending, data] of Object.entries(packed)) writeFileSync(`${dist}${name}.${ending}`, data);
const manifest = {tracker: {
  file: name, bytes: code.length, br: packed.br.length, gz: packed.gz.length,
  integrity: `sha384-${createHash('sha384').update(code).digest('base64')}`,
}};
writeFileSync(dist + 'experiment.json', JSON.stringify(second));
writeFileSync(dist + 'manifest.json', JSON.stringify(manifest, null, 2) + '\n');
console.log(`${name}  ${code.length} B, gzip ${packed.gz.length} B, brotli ${packed.br.length} B`);
console.log(`experiment.json  the smallest of ${Object.keys(second.templates).length} templates ${brotli(second.templates['']).length} B brotli`);
