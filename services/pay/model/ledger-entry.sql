-- Double entries of everything that moved money. Rows are only added.
CREATE TABLE `ledger_entry` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `txn_key` varchar(96) NOT NULL COMMENT 'what happened: receipt:<attempt>, refund:<refund>, accept:<attempt>',
  `line` tinyint(3) unsigned NOT NULL,
  `account` varchar(64) NOT NULL COMMENT 'channel:<name>, sales, fees, suspense',
  `debit` bigint unsigned NOT NULL DEFAULT '0',
  `credit` bigint unsigned NOT NULL DEFAULT '0',
  `currency` char(3) NOT NULL,
  `pay_id` bigint unsigned NOT NULL,
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_txn_line_unique` (`txn_key`, `line`),
  KEY `idx_pay_id` (`pay_id`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
