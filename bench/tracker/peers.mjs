/**
 * Bundles one script per tracker into the folder it is given, as an owner's build would: `node peers.mjs DIR`.
 * Prints JSON: what could be bundled, and of the others why not. Ours is taken as it was built.
 */
import {copyFileSync, mkdirSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {build} from '../../tracker/node_modules/esbuild/lib/main.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const C = 'location.origin + "/in"';
const peers = {
  plausible: `import {init} from '@plausible-analytics/tracker'; init({domain: 'x.example', endpoint: ${C}, captureOnLocalhost: true});`,
  clarity: `import {clarity} from 'clarity-js'; clarity('start', {projectId: 'x', upload: ${C}, track: true, content: true});`,
  snowplow: `import {newTracker, enableActivityTracking, trackPageView} from '@snowplow/browser-tracker';
    import {FormTrackingPlugin, enableFormTracking} from '@snowplow/browser-plugin-form-tracking';
    newTracker('a', location.origin, {appId: 'x', plugins: [FormTrackingPlugin()]});
    enableActivityTracking({minimumVisitLength: 10, heartbeatDelay: 10}); trackPageView(); enableFormTracking();`,
  rrweb: `import {record} from 'rrweb'; window.kept = []; record({emit(event) { kept.push(event); }});`,
  datadog: `import {datadogRum} from '@datadog/browser-rum-slim'; datadogRum.init({applicationId: 'x', clientToken: 'x', site: 'datadoghq.com',
    proxy: ${C}, trackUserInteractions: true, sessionSampleRate: 100});`,
  openreplay: `import * as all from '@openreplay/tracker'; const Tracker = all.default?.default || all.default || all.Tracker;
    new Tracker({projectKey: 'x', ingestPoint: ${C}, __DISABLE_SECURE_MODE: true}).start().catch(() => {});`,
  mixpanel: `import mixpanel from 'mixpanel-browser'; mixpanel.init('x', {api_host: ${C}, autocapture: true, track_pageview: true});`,
  posthog: `import posthog from 'posthog-js'; posthog.init('phc_x', {api_host: ${C}, opt_out_useragent_filter: true});`,
};

const bundle = (name, contents, out) => build({
  stdin: {contents, resolveDir: here('.')}, bundle: true, minify: true, format: 'iife', target: 'es2021',
  outfile: `${out}/${name}.js`, define: {'process.env.NODE_ENV': '"production"'}, logLevel: 'silent',
});

const out = process.argv[2];
mkdirSync(out, {recursive: true});
const {tracker} = JSON.parse(readFileSync(here('../../tracker/dist/manifest.json')));
copyFileSync(here(`../../tracker/dist/${tracker.file}`), `${out}/netiv.js`);
await bundle('where', `import {where} from '../../tracker/src/dom.js'; window.where = where;`, out);
const found = {ready: ['netiv'], missing: {}};
for (const [name, contents] of Object.entries(peers)) {
  try {
    await bundle(name, contents, out);
    found.ready.push(name);
  } catch (error) {
    found.missing[name] = `cannot be bundled: ${error.errors?.[0]?.text || error.message}`;
  }
}
console.log(JSON.stringify(found));
