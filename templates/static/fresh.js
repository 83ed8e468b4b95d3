/**
 * A part marked data-fresh="seconds" is asked for again at the page's own address and put in its place by id.
 * The answer arrives as a document, which runs no script, so Trusted Types have nothing to refuse. Hidden pages rest.
 */
export function start(root) {
  for (const part of root.querySelectorAll('[data-fresh]')) keep(part.id, Number(part.dataset.fresh) * 1000);
}

function keep(id, pause) {
  setTimeout(() => {
    const part = document.getElementById(id);
    if (!part?.dataset.fresh) return;
    const resting = document.hidden || part.contains(document.activeElement) || part.querySelector(':popover-open');
    if (resting) keep(id, pause);
    else ask(id, () => keep(id, pause));
  }, pause);
}

function ask(id, then) {
  const request = new XMLHttpRequest();
  request.responseType = 'document';
  request.addEventListener('load', () => { if (request.status === 200) replace(id, request.response); });
  request.addEventListener('loadend', then);
  request.open('GET', location.href);
  request.send();
}

function replace(id, page) {
  const fresh = page?.getElementById(id);
  if (fresh) document.getElementById(id).replaceWith(document.adoptNode(fresh));
}
