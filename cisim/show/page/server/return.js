// A tab whose server is gone asks for it until it is there again, then loads the same address anew.
// Solara itself asks less and less often, and after two minutes no more.
(() => {
  const EVERY = 1500; // ms
  let there = 0;
  setInterval(async () => {
    const away = document.getElementById("away");
    if (!away) {
      there = 0;
      return;
    }
    let status = 0;
    try {
      status = (await fetch("/", { method: "HEAD", cache: "no-store" })).status;
    } catch (gone) {
      there = 0;
    }
    away.querySelector(".closed").hidden = status !== 403;
    away.querySelector(".stays").hidden = status === 403;
    // Twice, so that a connection that was only lost for a moment goes on without loading anew.
    if (status === 200 && ++there > 1) location.reload();
  }, EVERY);
})();
