/** Rows of changes to a page: the field for a name is there for the kinds that have one. Without this its hint says for which. */
export function start(root) {
  for (const row of root.querySelectorAll('[data-named]')) {
    const kind = row.querySelector('select');
    const name = row.querySelector('[name$=".name"]').closest('.field');
    const show = () => name.classList.toggle('unused', !row.dataset.named.split(' ').includes(kind.value));
    kind.addEventListener('change', show);
    show();
  }
}
