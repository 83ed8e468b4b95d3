/** Reads about elements what may be read: where they stand and what they are called. Never what was typed. */

const CONTROLS = 'a,button,input,select,textarea,summary,label,option,[role=button],[role=link],[role=tab],[role^=menuitem],[role=switch],[contenteditable],[data-netiv-name],[data-netiv-event]';

const WORDS = 'select,textarea,script,style,[contenteditable],[data-netiv-ignore],[role=textbox],[role=option],[role=listbox]';

export const attribute = (element, name) => element.getAttribute(name) || '';

export const matches = (element, selector) => element.matches?.(selector);

/** The elements an event passed through, innermost first, out of shadow trees too; [] where the owner says ignore. */
export const pathOf = (event) => {
  const path = event.composedPath().filter((node) => node.tagName);
  return path.some((element) => matches(element, '[data-netiv-ignore]')) ? [] : path;
};

/** What a visitor would say was clicked: the button, not the icon in it. */
export const control = (path) => path.find((element) => matches(element, CONTROLS));

export const isButton = (element) => /^(submit|button|reset|image)$/.test(element.type);

/** Something a visitor fills. */
export const isField = (element) => matches(element, 'input:not([type=hidden]),select,textarea,[contenteditable]') && !isButton(element);

/** Personal numbers and addresses that pages print on buttons or into messages. */
export const scrub = (text, length) => String(text).replace(/\S+@\S+|\d[\d -]{4,}\d|\S{50,}/g, '[x]')
  .replace(/\s+/g, ' ').trim().slice(0, length);

/** Text below a node, without what may hold a visitor's words: fields, options, editable parts. */
const text = (node) => node.nodeType == 3 ? node.data : node.alt
  || (node.tagName && matches(node, WORDS) ? '' : [...node.childNodes].map(text).join(' '));

/** What the element is called, at most 100 characters. A radio's own label would be the answer given, so it has none. */
export const label = (element) => scrub(
  attribute(element, 'data-netiv-name') || attribute(element, 'aria-label')
  || (isField(element)
    ? !/radio|checkbox/.test(element.type) && element.labels?.[0] && text(element.labels[0]) || attribute(element, 'placeholder')
    : matches(element, CONTROLS) && text(element) || isButton(element) && attribute(element, 'value') || attribute(element, 'title')),
  100);

const known = new WeakMap();

/**
 * A short structural selector, ` >>> ` where a shadow tree begins: `#buy>div:nth-of-type(2)>button`.
 * Not proven unique: looking for a unique one took 9–83 ms an element, this walk 0.1.
 */
export const where = (element) => {
  let path = known.get(element);
  if (!path) {
    const {id, tagName, parentNode} = element;
    const tag = tagName.toLowerCase();
    // An id with digits in a row was counted out by a framework and is another one tomorrow.
    if (/^[a-z](?!.*\d\d)[\w-]{0,50}$/i.test(id)) {
      path = '#' + id;
    } else {
      path = tag;
      if (parentNode) {
        const twins = [...parentNode.children].filter((other) => other.tagName == tagName);
        if (twins[1]) path += `:nth-of-type(${twins.indexOf(element) + 1})`;
        if (parentNode.tagName && tag != 'body') path = where(parentNode) + '>' + path;
      }
    }
    if (parentNode?.host) path = where(parentNode.host) + ' >>> ' + path;
    // The near end says more than the far one; the server takes 512 characters.
    if (path.length > 400) path = path.slice(-400).replace(/^[^>]*>+ ?/, '');
    known.set(element, path);
  }
  return path;
};

/** An address without its query but for utm_* and that a click id was there: a search is a visitor's words. */
export const clean = (address, hash) => {
  const url = new URL(address, location);
  const kept = new URLSearchParams();
  url.searchParams.forEach((value, key) => {
    if (/^utm_/.test(key)) kept.set(key, value);
    if (/clk?id$|braid$/.test(key)) kept.set(key, 1);
  });
  const query = kept.toString();
  return (url.origin + url.pathname + (query && '?' + query) + (hash ? url.hash.split('?')[0] : '')).slice(0, 2048);
};
