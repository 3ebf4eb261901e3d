-- What moves more money than one person may move alone waits for another.
CREATE TABLE IF NOT EXISTS `pay_approval` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `pay_id` bigint unsigned NOT NULL,
  `act` varchar(16) NOT NULL COMMENT 'refund, settle, accept, give_back',
  `refund_no` varchar(64) NOT NULL DEFAULT '' COMMENT 'of a refund, or of one that is settled',
  `amount` bigint unsigned NOT NULL,
  `currency` char(3) NOT NULL,
  `reason` varchar(255) NOT NULL DEFAULT '' COMMENT 'of a refund',
  `requested_by` varchar(64) NOT NULL DEFAULT '' COMMENT 'who wants it, as in the audit; empty: nobody was named',
  `requested_uid` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'user whose refund it is',
  `state` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '0 open, 1 approved, 2 rejected, 3 expired',
  `open_of` bigint unsigned NULL COMMENT 'the payment, while it is open: one at a time',
  `requested_at` bigint NOT NULL COMMENT 'milliseconds since the Unix epoch',
  `expires_at` bigint NOT NULL COMMENT 'until when it may be approved, milliseconds since the Unix epoch',
  `decided_by` varchar(64) NOT NULL DEFAULT '',
  `decided_reason` varchar(255) NOT NULL DEFAULT '',
  `decided_at` bigint NOT NULL DEFAULT '0' COMMENT 'milliseconds since the Unix epoch; 0: not yet',
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_open_of_unique` (`open_of`),
  KEY `idx_pay_id` (`pay_id`),
  KEY `idx_state` (`state`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
