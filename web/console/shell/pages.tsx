import { useTranslation } from "react-i18next";
import { Link, Navigate, Route, Routes } from "react-router";
import { PaymentPage } from "../pages/payment.tsx";
import { PaymentsPage } from "../pages/payments.tsx";
import { RefundsPage } from "../pages/refunds.tsx";

/** Which page an address shows. */
export function Pages() {
  return (
    <Routes>
      <Route path="/" element={<Navigate to="/payments" replace />} />
      <Route path="/payments" element={<PaymentsPage />} />
      <Route path="/payments/:id" element={<PaymentPage />} />
      <Route path="/refunds" element={<RefundsPage />} />
      <Route path="*" element={<Nowhere />} />
    </Routes>
  );
}

function Nowhere() {
  const { t } = useTranslation();
  return (
    <>
      <h1>{t("app.notFound")}</h1>
      <Link to="/">{t("app.backToStart")}</Link>
    </>
  );
}
