interface HomeTexts {
  readonly what: string;
  readonly running: string;
  runningIn(mode: string): string;
  readonly places: string;
  readonly shop: string;
  readonly console: string;
  readonly docs: string;
  readonly description: string;
  readonly health: string;
  readonly simulator: string;
  readonly metrics: string;
  readonly noMetrics: string;
  readonly walk: {
    readonly title: string;
    /** Each goes on after a link; `lost` is around one. */
    readonly enter: string;
    readonly buy: string;
    readonly look: string;
    readonly lost: readonly [string, string];
  };
  readonly buy: string;
  readonly buyHow: string;
  readonly byHand: string;
  readonly cashier: string;
  readonly cashierHow: string;
  readonly sandbox: string;
  readonly noSandbox: string;
  readonly realOnes: string;
  readonly admin: string;
  readonly adminHow: string;
}

/** What the home page says, by language. */
export const HOME_TEXTS: Readonly<Record<"en" | "zh", HomeTexts>> = {
  en: {
    what: "A commerce backend whose centre is the payment: user, product, order and pay behind one gateway.",
    running: "The mall is running.",
    runningIn: (mode) => `The mall is running, in mode ${mode}.`,
    places: "Where to go",
    shop: "A shop to try the mall with: sign up, buy something and pay it in the browser",
    console:
      "The console for staff and admins: payments with all that happened to them, refunds, what waits for a decision",
    docs: "Every operation with its fields, to try in the browser",
    description: "The same for programs: OpenAPI 3.1",
    health: "Whether the mall is fit to serve",
    simulator: "The other side of Alipay, WeChat Pay and Stripe: pay as a buyer, and make things go wrong",
    metrics: "Metrics for Prometheus",
    noMetrics: "Metrics are off: give the configuration a DevServer block",
    walk: {
      title: "See it in two minutes",
      enter: ": sign up with any number. On a fresh mall you are its admin then, and put up some samples.",
      buy: "Buy one, choose Sandbox at the cashier, go on to it and confirm. The cashier sees the money come and leads back to your orders.",
      look: "There, “What happened to this payment” opens the console: the payment's whole life on one line of time.",
      lost: [
        "Lose a notification: at",
        " choose notify.lost under Faults and press Add. Buy again, choose Alipay, and pay at the simulator. Nobody tells the mall, yet within seconds it has asked by itself: look at that payment's line of time.",
      ],
    },
    buy: "Buy something by command",
    buyHow:
      "In another terminal, in the folder of the mall: a whole purchase, with every request and answer.",
    byHand: "Or step by step: register and log in with curl, then go on with the token in the API pages.",
    cashier: "See the cashier",
    cashierHow:
      "A product, an order and its payment are made, and the link to the page that buyers pay on is printed:",
    sandbox: "Pay there at the sandbox, a bank that moves no money.",
    noSandbox: "The sandbox is off, so the cashier offers the channels of the configuration alone.",
    realOnes:
      "Or at Alipay, WeChat Pay or Stripe, played by the simulator: their protocols, byte for byte, and no money.",
    admin: "Become admin",
    adminHow:
      "Outside mode pro the first user who registers is admin. Anybody else who is registered becomes it by a command:",
  },
  zh: {
    what: "以支付为核心的电商后端：用户、商品、订单、支付四个服务，同一个网关。",
    running: "商城运行中。",
    runningIn: (mode) => `商城运行中，模式 ${mode}。`,
    places: "从这里开始",
    shop: "试用商店：注册、购买并在浏览器中付款",
    console: "员工与管理员的控制台：每笔支付的全部经过、退款、等待人工决定的事项",
    docs: "全部接口及其字段，可在浏览器中调用",
    description: "供程序读取的接口描述：OpenAPI 3.1",
    health: "商城是否可以正常服务",
    simulator: "支付宝、微信支付和 Stripe 的模拟器：以买家身份付款，也可制造各种故障",
    metrics: "Prometheus 指标",
    noMetrics: "指标未开启：在配置中加上 DevServer 即可",
    walk: {
      title: "两分钟看懂",
      enter: "：用任意号码注册。全新商城的第一个用户就是管理员，可以上架几件示例商品。",
      buy: "购买一件，在收银台选择沙箱，前往沙箱并确认支付。到账后收银台自动更新，并带您回到订单。",
      look: "在订单中点“查看这笔支付的全部经过”打开控制台：这笔支付的一生都在一条时间线上。",
      lost: [
        "丢失一次通知：在",
        " 的“故障”中选择 notify.lost 并添加。再买一件，选择支付宝并在模拟器上付款。没有人通知商城，但几秒内它会自己去查询：请看这笔支付的时间线。",
      ],
    },
    buy: "用命令买一件商品",
    buyHow: "在另一个终端的商城目录中运行：演示一次完整购买，显示每个请求与应答。",
    byHand: "也可以一步一步来：先用 curl 注册、登录，再带着令牌在接口页面继续。",
    cashier: "看看收银台",
    cashierHow: "创建一件商品、一个订单和它的支付，并打印买家付款页面的链接：",
    sandbox: "在收银台可用沙箱支付，沙箱不会真实扣款。",
    noSandbox: "沙箱未开启，收银台只提供配置中的支付渠道。",
    realOnes: "也可用支付宝、微信支付或 Stripe 支付：由模拟器扮演，协议逐字节一致，不会真实扣款。",
    admin: "成为管理员",
    adminHow: "在 pro 以外的模式下，第一个注册的用户就是管理员。其他已注册的用户可用命令设为管理员：",
  },
};
