// The panel that is open beside the stage.
(() => {
  const place = window.cisimHere("cisim-panel");
  let before = place.kept ? place.kept.panel : "";
  let panel = "";
  window.addEventListener("pagehide", () => place.keep({ panel }));
  window.cisimPanel = {
    opened(name) { panel = name; },
    // Hands on, once, what was open before the page was loaded anew.
    again(act) {
      if (before) act({ do: "panel", panel: before });
      before = "";
    },
  };
})();
