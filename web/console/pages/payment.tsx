import { ReloadOutlined } from "@ant-design/icons";
import type { DetailResponse } from "@mall/pay/api";
import { useQuery } from "@tanstack/react-query";
import { Alert, Button, Descriptions } from "antd";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { PaymentActs } from "../acts/payment-acts.tsx";
import { Moment, viewersZone } from "../format/moment.tsx";
import { Money } from "../format/money.tsx";
import { StateTag } from "../format/state-tag.tsx";
import { Trouble } from "../format/trouble.tsx";
import { numberOf } from "../list/use-filters.ts";
import { TimeLine } from "../payment/time-line.tsx";
import { WaitingApproval } from "../payment/waiting-approval.tsx";
import { pay } from "../server/clients.ts";
import { useHeld } from "../shell/open-dialogs.ts";
import { useWords } from "../texts/i18n.ts";

const OPEN = 0;
const LOOK_AGAIN_MS = 5000;

/** One payment: what it is, what may be done, and all that happened to it. */
export function PaymentPage() {
  const id = numberOf(useParams().id) ?? 0;
  return <OnePayment key={id} id={id} />;
}

function OnePayment({ id }: { readonly id: number }) {
  const { t } = useTranslation();
  const {
    data: latest,
    error,
    refetch,
    isFetching,
  } = useQuery({
    queryKey: ["timeline", id],
    queryFn: () => pay.timeline({ id }),
    refetchInterval: ({ state }) => (state.data?.payment.status === OPEN ? LOOK_AGAIN_MS : false),
  });
  const data = useHeld(latest);
  const again = (): void => void refetch();
  return (
    <>
      <title>{`${t("pay.title", { id })} · ${t("app.title")}`}</title>
      <div className="list-top">
        <h1>{t("pay.title", { id })}</h1>
        {data !== undefined && <StateTag group="payStates" state={data.payment.status} />}
        <Button icon={<ReloadOutlined />} onClick={again} loading={isFetching}>
          {t("line.refresh")}
        </Button>
      </div>
      {error !== null && <Trouble error={error} onRetry={again} />}
      {data === undefined && error === null && <p className="loading">{t("app.loading")}</p>}
      {data !== undefined && (
        <>
          <Facts payment={data.payment} />
          <PaymentActs payment={data.payment} />
          <WaitingApproval payId={id} />
          <h2>{t("line.title")}</h2>
          <p className="quiet">
            {t("app.zone", { zone: viewersZone() })} {data.payment.status === OPEN && t("line.follows")}
          </p>
          {data.isCut && <Alert type="info" showIcon title={t("line.cut")} />}
          <TimeLine events={data.events} currency={data.payment.currency} />
        </>
      )}
    </>
  );
}

function Facts({ payment }: { readonly payment: DetailResponse }) {
  const { t } = useTranslation();
  const words = useWords();
  const { amount, currency, refundedAmount, refundingAmount, heldReason } = payment;
  const items = [
    { key: "amount", label: t("pay.amount"), children: <Money amount={amount} currency={currency} /> },
    { key: "order", label: t("pay.order"), children: payment.oid },
    { key: "user", label: t("pay.user"), children: payment.uid },
    { key: "source", label: t("pay.source"), children: words("sources", payment.source) },
    { key: "paid", label: t("pay.paidAt"), children: <Moment at={payment.paidTime * 1000} /> },
    { key: "expires", label: t("pay.expires"), children: <Moment at={payment.expireTime * 1000} /> },
    {
      key: "refunded",
      label: t("pay.refunded"),
      children: <Money amount={refundedAmount} currency={currency} />,
    },
    ...(refundingAmount === 0
      ? []
      : [
          {
            key: "refunding",
            label: t("pay.refunding"),
            children: <Money amount={refundingAmount} currency={currency} />,
          },
        ]),
    ...(heldReason === ""
      ? []
      : [{ key: "held", label: t("pay.held"), children: words("heldReasons", heldReason) }]),
  ];
  return <Descriptions bordered size="small" column={{ xs: 1, sm: 2, xl: 4 }} items={items} />;
}
