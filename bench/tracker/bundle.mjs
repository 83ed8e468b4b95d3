/** Bundles one entry per tracker into dist/ as an owner's build would: `node bundle.mjs`. Ours is taken as built. */
import {copyFileSync, readFileSync} from 'node:fs';
import {fileURLToPath} from 'node:url';
import {build} from '../../tracker/node_modules/esbuild/lib/main.js';

const here = (path) => fileURLToPath(new URL(path, import.meta.url));
const C = 'location.origin + "/in"';
const peers = {
  plausible: `import {init} from '@plausible-analytics/tracker'; init({domain: 'x.example', endpoint: ${C}, captureOnLocalhost: true});`,
  rrweb: `import {record} from 'rrweb'; window.kept = []; record({emit(event) { kept.push(event); }});`,
  posthog: `import posthog from 'posthog-js'; posthog.init('phc_x', {api_host: ${C}, opt_out_useragent_filter: true});`,
  openreplay: `import * as all from '@openreplay/tracker'; const Tracker = all.default?.default || all.default || all.Tracker;
    new Tracker({projectKey: 'x', ingestPoint: ${C}, __DISABLE_SECURE_MODE: true}).start().catch(() => {});`,
  clarity: `import {clarity} from 'clarity-js'; clarity('start', {projectId: 'x', upload: ${C}, track: true, content: true});`,
  snowplow: `import {newTracker, enableActivityTracking, trackPageView} from '@snowplow/browser-tracker';
    import {FormTrackingPlugin, enableFormTracking} from '@snowplow/browser-plugin-form-tracking';
    newTracker('a', location.origin, {appId: 'x', plugins: [FormTrackingPlugin()]});
    enableActivityTracking({minimumVisitLength: 10, heartbeatDelay: 10}); trackPageView(); enableFormTracking();`,
  mixpanel: `import mixpanel from 'mixpanel-browser'; mixpanel.init('x', {api_host: ${C}, autocapture: true, track_pageview: true});`,
  datadog: `import {datadogRum} from '@datadog/browser-rum-slim'; datadogRum.init({applicationId: 'x', clientToken: 'x', site: 'datadoghq.com',
    proxy: ${C}, trackUserInteractions: true, sessionSampleRate: 100});`,
};

for (const [name, contents] of Object.entries(peers)) {
  await build({stdin: {contents, resolveDir: here('.')}, bundle: true, minify: true, format: 'iife', target: 'es2021',
    outfile: here(`dist/${name}.js`), define: {'process.env.NODE_ENV': '"production"'}, logLevel: 'error'});
}
const {tracker} = JSON.parse(readFileSync(here('../../tracker/dist/manifest.json')));
copyFileSync(here(`../../tracker/dist/${tracker.file}`), here('dist/netiv.js'));
await build({stdin: {contents: `import {where, label} from '../../tracker/src/dom.js'; window.where = where;`, resolveDir: here('.')},
  bundle: true, format: 'iife', outfile: here('dist/where.js'), logLevel: 'error'});
