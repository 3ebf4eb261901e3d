-- What a channel's bill of a day says, as it was compared with the payments of this mall; those of one merchant have one.
CREATE TABLE `pay_bill` (
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
