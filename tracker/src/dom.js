/** Reads about elements what may be read: where they stand and what they are called. Never what was typed. */

const FIELD = 'input,select,textarea,[contenteditable]';
const CONTROL = FIELD + ',a,button,summary,label,[role=button],[role=link],[role=tab],[role=switch],[role^=menuitem],[data-netiv-name],[data-netiv-event]';

// May hold a visitor's words or choices.
const PRIVATE = FIELD + ',script,style,[role=textbox],[role=option],[role=listbox],[data-netiv-ignore]';

// A step, a slide, a choice: pressed again and again in good faith, or doing what no script can see.
export const FILLED = FIELD + ',[role=spinbutton],[role=slider]';

export const attribute = (element, name) => element.getAttribute(name) || '';

/** The innermost of `path` that the selector fits. */
export const among = (path, selector) => path.find((element) => element.matches(selector));

/** The elements an event passed through, innermost first, out of shadow trees too; [] where the owner says ignore. */
export const pathOf = (event) => {
  const path = event.composedPath().slice(0, -2).filter((node) => node.tagName); // document and window are slow to ask
  return among(path, '[data-netiv-ignore]') ? [] : path;
};

/** What a visitor would say was clicked: the button, not the icon in it. */
export const control = (path) => among(path, CONTROL) || path[0];

/** Something a visitor fills. */
export const isField = (element) => element.matches(FIELD) && !/submit|button|reset|image|hidden/.test(element.type);

export const isChoice = (element) => /radio|checkbox/.test(element.type);

/** Without the personal numbers and addresses that pages print on buttons or into messages. */
export const scrub = (text, length) => (text + '').replace(/\S+@\S+|\d[\d -]{4,}\d/g, '[x]')
  .replace(/\s+/g, ' ').trim().slice(0, length);

const text = (node) => node.data || node.alt || (node.matches?.(PRIVATE) ? '' : [...node.childNodes].map(text).join(' '));

/** What the element is called, at most 100 characters. A radio's own label would be the answer given, so it has none. */
export const label = (element) => scrub(
  attribute(element, 'data-netiv-name') || (isChoice(element) ? ''
    : attribute(element, 'aria-label')
    || element.matches(CONTROL) && text(element.labels?.[0] || element)
    || attribute(element, 'placeholder') || !isField(element) && attribute(element, 'value') || attribute(element, 'title')),
  100);

/**
 * A short structural selector, ` >>> ` where a shadow tree begins: `#buy>div:nth-of-type(2)>button`.
 * Not proven unique: looking for a unique one took 9–83 ms an element, this walk 0.1. The near end says
 * more than the far one, and the server takes 512 characters: at 400 it ends.
 */
export const where = (element, below = '') => {
  const {id, localName, parentNode: parent} = element;
  // An id with digits in a row was counted out by a framework and is another one tomorrow.
  const named = /^[a-z](?!.*\d\d)[\w-]{0,50}$/i.test(id);
  let nth = 1;
  // A walk: all of a long list as an array took four times as long.
  if (!named) for (let other = element; (other = other.previousElementSibling);) nth += other.localName == localName;
  const path = (named ? '#' + id : localName + (nth > 1 || !element.matches(':last-of-type') ? `:nth-of-type(${nth})` : '')) + below;
  const inside = parent?.matches; // an element, and not the beginning of a document or a shadow tree
  const above = inside ? !named && localName != 'body' && parent : parent?.host;
  return above && !path[400] ? where(above, (inside ? '>' : ' >>> ') + path) : path;
};
