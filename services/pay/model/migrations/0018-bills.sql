-- Channels' bills are compared every day, and what came of it is kept.
CREATE TABLE IF NOT EXISTS `pay_bill` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `merchant` varchar(64) NOT NULL COMMENT 'whose bill it is at the channel: that of all its accounts',
  `channel` varchar(16) NOT NULL COMMENT 'account that is asked for it',
  `day` char(10) NOT NULL COMMENT '2026-11-30, as the channel counts days',
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '0 waiting, 1 compared, 2 absent, 3 from before the first',
  `asked` int NOT NULL DEFAULT '0' COMMENT 'how often somebody wanted it compared again',
  `payments` bigint NOT NULL DEFAULT '0' COMMENT 'lines',
  `refunds` bigint NOT NULL DEFAULT '0' COMMENT 'lines',
  `others` bigint NOT NULL DEFAULT '0' COMMENT 'lines about other money',
  `at_edge` bigint NOT NULL DEFAULT '0' COMMENT 'under way when the day ended',
  `not_kept` bigint NOT NULL DEFAULT '0' COMMENT 'differences without a row, as they were too many',
  `unbooked_fees` bigint NOT NULL DEFAULT '0' COMMENT 'fees that the books do not know',
  `sums` text NOT NULL COMMENT 'JSON: paid, refunded, fees and feesBack of each currency, minor units',
  `error` varchar(512) NOT NULL DEFAULT '' COMMENT 'why it could not be compared the last time',
  `compared_at` bigint NOT NULL DEFAULT '0' COMMENT 'milliseconds since the Unix epoch; 0: not yet',
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_day_unique` (`merchant`, `day`),
  KEY `idx_channel` (`channel`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;

CREATE TABLE IF NOT EXISTS `pay_bill_difference` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `bill_id` bigint unsigned NOT NULL,
  `channel` varchar(16) NOT NULL,
  `kind` varchar(24) NOT NULL COMMENT 'PAYMENT_UNKNOWN, AMOUNT, ...',
  `subject` varchar(128) NOT NULL DEFAULT '' COMMENT 'number or line that it is about; of a kind and subject a bill has one',
  `pay_id` bigint unsigned NOT NULL DEFAULT '0' COMMENT '0: none is known',
  `ours` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'the attempt, or the refund, by its kind; 0: none is known',
  `text` varchar(512) NOT NULL COMMENT 'what is said by whom, minor units',
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '0 open, 1 settled, 2 gone',
  `note` varchar(255) NOT NULL DEFAULT '' COMMENT 'of whoever settled it',
  `settled_by` varchar(64) NOT NULL DEFAULT '' COMMENT 'as in the audit; empty: nobody was named',
  `found_at` bigint NOT NULL COMMENT 'milliseconds since the Unix epoch',
  `ended_at` bigint NOT NULL DEFAULT '0' COMMENT 'when it was settled or gone, milliseconds since the Unix epoch; 0: not yet',
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_subject_unique` (`bill_id`, `kind`, `subject`),
  KEY `idx_state` (`state`, `channel`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_bin;
