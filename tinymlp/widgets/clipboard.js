// Puts a text on the clipboard when the kernel says so, and tells what became of it. It shows nothing.

const drawn = () => new Promise((next) => requestAnimationFrame(next));

// Where a page may not write to the clipboard (http in a school's network, say), the field is copied as a learner would
// copy it; and where not even that is allowed, it is left selected.
async function fromField(field, text) {
  const focused = document.activeElement;
  for (let frame = 0; field && field.value !== text && frame < 60; frame += 1) await drawn(); // it is on its way too
  if (field?.value !== text) return "left";
  field.focus({ preventScroll: true });
  field.select();
  if (!document.execCommand("copy")) return "selected";
  focused?.focus({ preventScroll: true });
  return "copied";
}

function render({ model, el }) {
  el.className += " tinymlp-spoken";
  el.setAttribute("role", "status");
  const copy = async ({ copy: text }) => {
    if (text === undefined) return;
    const field = el.parentElement?.querySelector("textarea");
    let became;
    try {
      await navigator.clipboard.writeText(text);
      became = "copied";
    } catch {
      became = await fromField(field, text);
    }
    model.send({ became });
  };
  const say = () => { el.textContent = model.get("said"); };
  model.on("msg:custom", copy);
  model.on("change:said", say);
  return () => {
    model.off("msg:custom", copy);
    model.off("change:said", say);
  };
}

export default { render };
