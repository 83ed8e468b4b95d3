/** The editor's page: takes what was picked in the copy into the form, and shows the variant in the copy, in both directions and sizes. */
const frame = document.querySelector('iframe');
const form = document.getElementById('change');
const told = JSON.parse(document.getElementById('editor').dataset.changes);
let picked = {};

/** The copy may have come before this script or after it. */
const show = () => frame.contentWindow.postMessage({changes: told}, '*');

function fill() {
  const kind = form.elements.kind.value;
  form.querySelector('[data-for=name]').hidden = !['attribute', 'style', 'order'].includes(kind);
  form.querySelector('[data-for=value]').hidden = kind === 'remove';
  if (picked.selector && (kind === 'text' || kind === 'html')) form.elements.value.value = picked[kind];
}

addEventListener('message', ({source, data}) => {
  if (source !== frame.contentWindow) return;
  if (data.ready) show();
  if (typeof data.selector !== 'string') return;
  picked = {selector: data.selector, text: String(data.text), html: String(data.html)};
  form.elements.selector.value = picked.selector;
  fill();
});
form.elements.kind.addEventListener('change', fill);
for (const button of document.querySelectorAll('[data-wide]')) {
  button.addEventListener('click', () => { frame.style.maxInlineSize = button.dataset.wide; });
}
for (const button of document.querySelectorAll('[data-dir]')) {
  button.addEventListener('click', () => frame.contentWindow.postMessage({dir: button.dataset.dir}, '*'));
}
fill();
show();
