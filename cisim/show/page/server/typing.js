// What somebody types stays until it is sent. A page that is drawn anew meanwhile, as futures come, had
// put the earlier value back. Vue leaves a box alone whose text is being composed; a box that it reads
// with each letter (v-model) needs no such help.
(() => {
  const box = ({ target }) => target.matches && target.matches("input[type=number],input[type=text]") && !("_vModifiers" in target);
  document.addEventListener("input", (event) => { if (box(event)) event.target.composing = true; });
  for (const name of ["change", "blur"]) {
    document.addEventListener(name, (event) => { if (box(event)) event.target.composing = false; }, true);
  }
})();
