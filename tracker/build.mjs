/**
 * Builds the browser bundles into dist/: the tracker (netiv.<hash>.js with .br and .gz beside it, and
 * manifest.json with its name, size and integrity). Prints the sizes.
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

/** The tracker as one script. In a try as a whole: in a browser too old for it the page must not notice. */
async function tracker() {
  const bundle = await build({
    entryPoints: [here('src/index.js')], bundle: true, format: 'esm', target: 'es2021', write: false, charset: 'utf8',
  });
  const {code} = await minify(`(()=>{try{${bundle.outputFiles[0].text}}catch{}})()`, {
    ecma: 2020,
    compress: {passes: 4, unsafe_arrows: true, pure_getters: true, keep_fargs: false, collapse_vars: false, lhs_constants: false},
    mangle: {properties: {regex: /^_/}},
  });
  // esbuild has seen that nothing constant is assigned to; one word for both repeats more.
  return Buffer.from(code.replace(/\bconst /g, 'let '));
}

const code = await tracker();
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
writeFileSync(dist + 'manifest.json', JSON.stringify(manifest, null, 2) + '\n');
console.log(`${name}  ${code.length} B, gzip ${packed.gz.length} B, brotli ${packed.br.length} B`);
