import { lazy } from "react";
import { useTranslation } from "react-i18next";
import { Link, Route, Routes } from "react-router";
import { ApprovalsPage } from "../pages/approvals.tsx";
import { AttentionPage } from "../pages/attention.tsx";
import { AuditPage } from "../pages/audit.tsx";
import { BillDifferencesPage } from "../pages/bill-differences.tsx";
import { BillsPage } from "../pages/bills.tsx";
import { ChannelsPage } from "../pages/channels.tsx";
import { JobsPage } from "../pages/jobs.tsx";
import { NotificationsPage } from "../pages/notifications.tsx";
import { OrdersPage } from "../pages/orders.tsx";
import { PaymentPage } from "../pages/payment.tsx";
import { PaymentsPage } from "../pages/payments.tsx";
import { ProductsPage } from "../pages/products.tsx";
import { RefundsPage } from "../pages/refunds.tsx";
import { RefusedPage } from "../pages/refused.tsx";
import { UsersPage } from "../pages/users.tsx";

/** Loaded when somebody wants charts. */
const DashboardPage = lazy(async () => ({ default: (await import("../pages/dashboard.tsx")).DashboardPage }));

/** Which page an address shows. */
export function Pages() {
  return (
    <Routes>
      <Route path="/" element={<AttentionPage />} />
      <Route path="/payments" element={<PaymentsPage />} />
      <Route path="/payments/:id" element={<PaymentPage />} />
      <Route path="/notifications" element={<NotificationsPage />} />
      <Route path="/notifications/refused" element={<RefusedPage />} />
      <Route path="/channels" element={<ChannelsPage />} />
      <Route path="/bills" element={<BillsPage />} />
      <Route path="/bills/differences" element={<BillDifferencesPage />} />
      <Route path="/orders" element={<OrdersPage />} />
      <Route path="/products" element={<ProductsPage />} />
      <Route path="/dashboard" element={<DashboardPage />} />
      <Route path="/jobs" element={<JobsPage />} />
      <Route path="/audit" element={<AuditPage />} />
      <Route path="/users" element={<UsersPage />} />
      <Route path="/refunds" element={<RefundsPage />} />
      <Route path="/approvals" element={<ApprovalsPage />} />
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
