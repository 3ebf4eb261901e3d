const button = document.querySelector("button");
const alertLine = document.querySelector("[role=alert]");
const until = document.querySelector("time");

if (until !== null) until.textContent = new Date(until.dateTime).toLocaleString("zh-CN");

button?.addEventListener("click", async () => {
  button.disabled = true;
  alertLine.textContent = "";
  try {
    const response = await fetch("../pay", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ outTradeNo: button.dataset.trade }),
    });
    if (response.ok) {
      location.reload();
      return;
    }
    const { msg } = await response.json();
    alertLine.textContent = msg;
  } catch {
    alertLine.textContent = "没有收到回应，请重试";
  }
  button.disabled = false;
});
