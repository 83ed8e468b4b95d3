/** What the owner wrote on the script tag: data-site, and the options of docs/tracker.md. */

const script = document.currentScript;

/** `data-netiv-hash` is `options.netivHash`. */
export const options = script.dataset;

/** An attribute without a value is '', so ask whether it is there. */
export const HASH = options.netivHash != null;
export const DATALAYER = options.netivDatalayer != null;

export const endpoint = (options.netivEndpoint || new URL('/event', script.src)) + '?site=' + options.site;
