// Lines of one statement carry its number in data-s, in every pane.
(() => {
  const panes = document.querySelector(".panes");
  let kept = null, shown = null;
  const partners = s => panes.querySelectorAll(`.l[data-s="${s}"]`);
  const show = s => {
    if (s === shown) return;
    panes.querySelectorAll(".l.on").forEach(x => x.classList.remove("on"));
    if (s !== null) partners(s).forEach(x => x.classList.add("on"));
    shown = s;
  };
  panes.addEventListener("mouseover", e => {
    const l = e.target.closest(".l[data-s]");
    show(l ? l.dataset.s : kept);
  });
  panes.addEventListener("mouseleave", () => show(kept));
  panes.addEventListener("click", e => {
    const l = e.target.closest(".l[data-s]");
    if (!l) return;
    kept = kept === l.dataset.s ? null : l.dataset.s;
    show(kept ?? l.dataset.s);
    if (kept === null) return;
    const own = l.closest("pre"), done = new Set([own]);
    for (const x of partners(kept)) {
      const pre = x.closest("pre");
      if (done.has(pre) || !pre.offsetParent) continue;
      done.add(pre);
      pre.scrollTop += x.getBoundingClientRect().top - pre.getBoundingClientRect().top - pre.clientHeight / 3;
    }
  });
})();
