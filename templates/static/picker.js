/**
 * Runs in the editor's copy of a page and nowhere else: says which element was clicked, and shows the changes it is told.
 * The copy is outside every origin, so all it has of the editor is what that posts.
 */
const STABLE = ['data-testid', 'data-test', 'name'];
const mark = document.createElement('style');
mark.textContent = '[data-netiv-picked]{outline:3px solid #1c62e0!important;outline-offset:2px}*{cursor:crosshair!important}';

const isOnly = (selector) => document.querySelectorAll(selector).length === 1;

/** A short selector that this element alone has. */
function selectorOf(element) {
  const tag = element.tagName.toLowerCase();
  if (/^[a-z](?!.*\d\d)[\w-]{0,50}$/i.test(element.id) && isOnly(`#${element.id}`)) return `#${element.id}`;
  for (const name of STABLE) {
    const selector = `${tag}[${name}=${JSON.stringify(element.getAttribute(name) || '')}]`;
    if (element.getAttribute(name) && isOnly(selector)) return selector;
  }
  if (isOnly(tag) || !element.parentElement) return tag;
  const twins = [...element.parentElement.children].filter((other) => other.tagName === element.tagName);
  const own = twins.length > 1 ? `${tag}:nth-of-type(${twins.indexOf(element) + 1})` : tag;
  return `${selectorOf(element.parentElement)}>${own}`;
}

function pick(event) {
  event.preventDefault();
  event.stopImmediatePropagation();
  const element = event.target;
  document.querySelectorAll('[data-netiv-picked]').forEach((other) => other.removeAttribute('data-netiv-picked'));
  const {textContent, innerHTML} = element;
  parent.postMessage({selector: selectorOf(element), text: textContent.trim().slice(0, 500), html: innerHTML.trim().slice(0, 5000)}, '*');
  element.setAttribute('data-netiv-picked', '');
}

function build(node) {
  if (typeof node === 'string') return document.createTextNode(node);
  const [tag, attributes, ...children] = node;
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children.map(build));
  return element;
}

const kinds = {
  text: (element, name, value) => { element.textContent = value; },
  html: (element, name, value) => element.replaceChildren(...value.map(build)),
  attribute: (element, name, value) => element.setAttribute(name, value),
  style: (element, name, value) => { element.style.cssText += `;${name}:${value}`; },
  remove: (element) => element.style.setProperty('display', 'none', 'important'),
  order(element, name, value) {
    if (value) document.querySelector(value)[name](element);
    else element.parentNode[name === 'first' ? 'prepend' : 'append'](element);
  },
};

addEventListener('message', ({source, data}) => {
  if (source !== parent) return;
  if (data.dir) document.documentElement.dir = data.dir;
  for (const [kind, selector, name, value] of data.changes || []) {
    try {
      document.querySelectorAll(selector).forEach((element) => kinds[kind](element, name, value));
    } catch {
      // a selector of another page, or one that is none
    }
  }
});
for (const type of ['click', 'submit']) addEventListener(type, type === 'click' ? pick : (event) => event.preventDefault(), true);
document.head.append(mark);
parent.postMessage({ready: true, dir: getComputedStyle(document.documentElement).direction}, '*');
