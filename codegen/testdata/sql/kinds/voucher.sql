CREATE TABLE `voucher` (
  `sn` varchar(32) COLLATE utf8mb4_general_ci,
  `slot` int NOT NULL,
  `amount` bigint NOT NULL DEFAULT 0,
  `note` varchar(9) DEFAULT NULL,
  PRIMARY KEY (`sn`),
  UNIQUE KEY `slot` (`slot`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE `seat` (
  `number` int NOT NULL COMMENT 'which nobody counts',
  `holder` varchar(9) NOT NULL DEFAULT '',
  PRIMARY KEY (`number`)
);
