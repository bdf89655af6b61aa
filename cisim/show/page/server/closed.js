// A part of the page that the server has closed stands until its place is told what comes next. What is
// done in it meanwhile goes nowhere, as Solara has it for buttons; for values it had been an error.
window.addEventListener("load", () => {
  requirejs(["@jupyter-widgets/base"], ({ WidgetModel }) => {
    const sync = WidgetModel.prototype.sync;
    WidgetModel.prototype.sync = function (...given) {
      if (this.comm) return sync.apply(this, given);
    };
  });
});
