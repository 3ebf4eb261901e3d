/** What is said of acts that wait for a second person, in Chinese. */
export const APPROVALS_ZH = {
  approval: {
    id: "申请",
    state: "状态",
    payment: "支付",
    act: "操作",
    refundNo: "退款单",
    amount: "金额",
    reason: "原因",
    by: "申请人",
    asked: "申请时间",
    expires: "有效至",
    decidedBy: "复核人",
    decided: "复核时间",
    why: "理由",
    waits: "以下操作等待第二人复核：",
    own: "这是您自己的申请，须由他人复核。",
  },
  approvalStates: { "0": "待复核", "1": "已通过", "2": "已驳回", "3": "已过期" },
  approvalActs: {
    refund: "退款",
    settle: "确认人工退款",
    accept: "接受冻结款",
    give_back: "退回冻结款",
  },
  approvalWill: {
    refund: "将由原渠道退回买家。",
    settle: "将记为已退。请只确认您在银行看到的结果。",
    accept: "将作为此支付的款项，订单变为已支付。",
    give_back: "将退回买家，支付随之关闭。",
  },
};
