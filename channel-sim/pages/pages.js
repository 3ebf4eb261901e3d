const alertLine = document.querySelector("[role=alert]");

async function post(path, body) {
  try {
    const response = await fetch(`/simulator/api/${path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (response.ok) {
      location.reload();
      return;
    }
    const { message } = await response.json();
    alertLine.textContent = message;
  } catch {
    alertLine.textContent = "没有收到回应，请重试";
  }
}

for (const form of document.querySelectorAll("form[data-trade]")) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const { channel, trade } = form.dataset;
    const card = form.elements.namedItem("card")?.value.replaceAll(" ", "");
    void post("pay", { channel, outTradeNo: trade, ...(card && { card }) });
  });
}

document.querySelector("#fault")?.addEventListener("submit", (event) => {
  event.preventDefault();
  const { fault, outTradeNo, ms } = Object.fromEntries(new FormData(event.target));
  void post("fault", { fault, ...(outTradeNo && { outTradeNo }), ...(ms && { ms: Number(ms) }) });
});

document.querySelector("#calm")?.addEventListener("click", () => void post("faults", { faults: [] }));
document.querySelector("#hurry")?.addEventListener("click", () => void post("hurry", {}));
