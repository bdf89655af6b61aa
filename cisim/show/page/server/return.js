// A tab whose server is gone asks for it until it is there again, then loads the same address anew:
// Solara itself asks less and less often, and after two minutes no more. A connection that is lost and
// comes back by itself has missed what was sent in between, so then, too, the page is loaded anew.
(() => {
  const EVERY = 1500; // ms
  let there = 0;
  let lost = false;
  let leaving = false;
  window.addEventListener("pagehide", () => { leaving = true; });
  window.addEventListener("pageshow", () => { leaving = false; });
  const Socket = window.WebSocket;
  window.WebSocket = class extends Socket {
    constructor(...given) {
      super(...given);
      this.addEventListener("close", () => { lost = lost || !leaving; });
    }
  };
  setInterval(async () => {
    const away = document.getElementById("away");
    if (!away && !lost) {
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
    // Twice, so that a server that is only just there is asked for no more than it can do.
    if (status === 200 && ++there > 1) location.reload();
  }, EVERY);
})();
