/** What the owner wrote on the script tag: data-site, and the options of docs/tracker.md. */

const script = document.currentScript || document.querySelector('script[data-site]');

/** `data-netiv-hash` is `options.netivHash`; an attribute without a value is '', so ask `!= null`. */
export const options = script.dataset;

export const endpoint = (options.netivEndpoint || new URL(script.src).origin + '/event') + '?site=' + options.site;
