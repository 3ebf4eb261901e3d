-- What a channel's bill of a day and the payments of this mall say differently, and what came of it.
CREATE TABLE `pay_bill_difference` (
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
