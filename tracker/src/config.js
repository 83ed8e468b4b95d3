/** What the owner wrote on the script tag: data-site, and the options of docs/tracker.md. */

export const script = document.currentScript;

/** `data-netiv-hash` is `options.netivHash`. One without a value is '', so ask whether it is there. */
export const options = script.dataset;
