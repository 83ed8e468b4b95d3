/**
 * The kinds of changes a variant makes (experiments/changes.py), each giving what takes it back. The second script gets
 * those its experiments use, one by one, so each stands by itself: build.mjs takes the functions' text.
 */

export const text = (element, name, value) => {
  const before = [...element.childNodes];
  element.replaceChildren(value);
  const ours = element.firstChild;
  return () => ours.replaceWith(...before); // nothing, if the page has put something else there
};

/** `nodes` are texts and [tag, attributes, …children]: elements are made one by one, no string becomes HTML. */
export const html = (element, name, nodes) => {
  const build = (node) => {
    if (node.trim) return document.createTextNode(node);
    const [tag, attributes, ...children] = node;
    const made = document.createElement(tag);
    Object.entries(attributes).map((pair) => made.setAttribute(...pair));
    made.append(...children.map(build));
    return made;
  };
  const before = [...element.childNodes], [first, ...others] = ['', ...nodes].map(build);
  element.replaceChildren(first, ...others);
  return () => {
    others.map((node) => node.remove());
    first.replaceWith(...before);
  };
};

export const attribute = (element, name, value) => {
  const before = element.getAttribute(name);
  element.setAttribute(name, value);
  return () => before == null ? element.removeAttribute(name) : element.setAttribute(name, before);
};

export const style = (element, name, value) => {
  const {style} = element, before = style.cssText;
  style.cssText += `;${name}:${value}`; // knows !important, and no policy minds it
  return () => { style.cssText = before; };
};

/** Stays in the document: a framework that looks for it must find it. Out of sight, and out of what its form sends. */
export const remove = (element) => {
  const {style} = element, before = style.cssText;
  const fields = [element, ...element.querySelectorAll('*')].filter((one) => one.form && !one.disabled);
  const disable = (is) => fields.map((field) => { field.disabled = is; });
  style.cssText += ';display:none!important';
  disable(true);
  return () => {
    style.cssText = before;
    disable(false);
  };
};

/** before or after another element, or first or last where it is. */
export const order = (element, name, value) => {
  const {parentNode, nextSibling} = element;
  if (value) document.querySelector(value)[name](element);
  else parentNode[name == 'first' ? 'prepend' : 'append'](element);
  return () => parentNode.insertBefore(element, nextSibling);
};
