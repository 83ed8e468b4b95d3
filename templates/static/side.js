/** Brings the page's own entry into view in a menu that is longer than its window: each page would begin at the menu's top again. */
export function start(root) {
  const side = root.querySelector('.side');
  const here = side?.querySelector('[aria-current="page"]');
  if (!here) return;
  const box = here.getBoundingClientRect();
  if (box.bottom > side.getBoundingClientRect().bottom) side.scrollTop += box.top - side.clientHeight / 2;
}
