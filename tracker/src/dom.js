/** Reads about elements what may be read: where they stand and what they are called. Never what was typed. */

const FIELD = 'input,select,textarea,[contenteditable]';
const CONTROL = FIELD + ',a,button,summary,label,[role=button],[role=link],[role=tab],[role=switch],[role^=menuitem],[data-netiv-name],[data-netiv-event]';

// May hold a visitor's words or choices.
const PRIVATE = FIELD + ',script,style,[role=textbox],[role=option],[role=listbox],[data-netiv-ignore]';

// A step, a slide, a choice: pressed again and again in good faith, or doing what no script can see.
export const FILLED = FIELD + ',[role=spinbutton],[role=slider]';

export const attribute = (element, name) => element.getAttribute(name) || '';

export const matches = (element, selector) => element.matches(selector);

/** The elements an event passed through, innermost first, out of shadow trees too; [] where the owner says ignore. */
export const pathOf = (event) => {
  const path = event.composedPath().slice(0, -2).filter((node) => node.nodeType == 1); // document and window are slow to ask
  return path.some((element) => matches(element, '[data-netiv-ignore]')) ? [] : path;
};

/** What a visitor would say was clicked: the button, not the icon in it. */
export const control = (path) => path.find((element) => matches(element, CONTROL)) || path[0];

/** Something a visitor fills. */
export const isField = (element) => matches(element, FIELD) && !/submit|button|reset|image|hidden/.test(element.type);

export const isChoice = (element) => /radio|checkbox/.test(element.type);

/** Without the personal numbers and addresses that pages print on buttons or into messages. */
export const scrub = (text, length) => String(text).replace(/\S+@\S+|\d[\d -]{4,}\d/g, '[x]')
  .replace(/\s+/g, ' ').trim().slice(0, length);

const text = (node) => node.data || node.alt || (node.matches && matches(node, PRIVATE) ? '' : [...node.childNodes].map(text).join(' '));

/** What the element is called, at most 100 characters. A radio's own label would be the answer given, so it has none. */
export const label = (element) => scrub(
  attribute(element, 'data-netiv-name') || !isChoice(element) && (
    attribute(element, 'aria-label')
    || (element.labels?.[0] ? text(element.labels[0]) : matches(element, CONTROL) && text(element))
    || attribute(element, 'placeholder') || !isField(element) && attribute(element, 'value') || attribute(element, 'title')) || '',
  100);

/**
 * A short structural selector, ` >>> ` where a shadow tree begins: `#buy>div:nth-of-type(2)>button`.
 * Not proven unique: looking for a unique one took 9–83 ms an element, this walk 0.1.
 */
export const where = (element) => {
  const {id, tagName, parentNode} = element;
  let path = tagName.toLowerCase();
  // An id with digits in a row was counted out by a framework and is another one tomorrow.
  if (/^[a-z](?!.*\d\d)[\w-]{0,50}$/i.test(id)) {
    path = '#' + id;
  } else if (parentNode) {
    const twins = [...parentNode.children].filter((other) => other.tagName == tagName);
    if (twins[1]) path += `:nth-of-type(${twins.indexOf(element) + 1})`;
    if (parentNode.matches && path != 'body') path = where(parentNode) + '>' + path;
  }
  if (parentNode?.host) path = where(parentNode.host) + ' >>> ' + path;
  // The near end says more than the far one; the server takes 512 characters.
  return path.slice(-400).replace(path[400] ? /^[^>]*>+ ?/ : '', '');
};

/** An address without its query but for utm_* and that a click id was there: a search is a visitor's words. */
export const clean = (address, route) => {
  const {origin, pathname, search, hash} = new URL(address, location);
  const kept = search.match(/utm_\w+=[^&]*|\w*(c\w?\w?id|braid)=./gi);
  return (origin + pathname + (kept ? '?' + kept.join('&') : '') + (route ? hash.split('?')[0] : '')).slice(0, 999);
};
