// A tab whose server is gone asks for it until it is there again, then loads the same address anew.
// Solara itself asks less and less often, and after two minutes no more. A connection that is lost
// before anything is shown comes back with nothing to show: then the page is loaded anew, too.
(() => {
  const EVERY = 1500; // ms
  const PATIENCE = 8; // times that a page without anything on it is asked for
  let there = 0;
  let lost = false;
  let bare = 0;
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", () => { lost = lost || !document.querySelector("main"); });
    }
  };
  setInterval(async () => {
    const away = document.getElementById("away");
    if (lost && document.querySelector("main")) lost = false;
    bare = lost ? bare + 1 : 0;
    if (!away && bare < PATIENCE) {
      there = 0;
      return;
    }
    let status = 0;
    try {
      status = (await fetch("/", { method: "HEAD", cache: "no-store" })).status;
    } catch (gone) {
      there = 0;
    }
    if (away) {
      away.querySelector(".closed").hidden = status !== 403;
      away.querySelector(".stays").hidden = status === 403;
    }
    // Twice, so that a connection that was only lost for a moment goes on without loading anew.
    if (status === 200 && ++there > 1) location.reload();
  }, EVERY);
})();
