/** What drops down under a button closes by Escape, and by a press beside it. Only one is open at a time without this: they share a name. */
export function start(root) {
  const open = () => root.querySelector('.drop[open]');
  root.addEventListener('keydown', (event) => {
    const drop = event.key === 'Escape' && open();
    if (!drop) return;
    drop.open = false;
    drop.querySelector('summary').focus();
  });
  root.addEventListener('pointerdown', (event) => {
    const drop = open();
    if (drop && !drop.contains(event.target)) drop.open = false;
  });
}
