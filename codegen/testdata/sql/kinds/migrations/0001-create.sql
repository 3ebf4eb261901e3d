CREATE TABLE IF NOT EXISTS `item` (
  `id` bigint NOT NULL AUTO_INCREMENT,
  `a` varchar(9) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin DEFAULT NULL COMMENT 'of a key, and may be null',
  `price` decimal(10,2) NOT NULL DEFAULT 1.5,
  `rate` decimal(30,10) DEFAULT NULL,
  `ratio` double NOT NULL DEFAULT '0.5',
  `short` float DEFAULT NULL,
  `born` date DEFAULT NULL,
  `opens` time DEFAULT NULL,
  `made` year DEFAULT NULL,
  `extra` json DEFAULT NULL,
  `kind` enum('plain','it''s') NOT NULL DEFAULT 'plain',
  `flags` set('x','y') NOT NULL DEFAULT '',
  `bits` bit(9) NOT NULL DEFAULT b'101',
  `active` bool NOT NULL DEFAULT TRUE,
  `seen_at` timestamp NOT NULL DEFAULT CURRENT_TIMESTAMP,
  `created_at` datetime DEFAULT NULL,
  `updated_at` datetime NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`) USING BTREE,
  UNIQUE KEY `a_unique` (`a`) USING BTREE,
  UNIQUE KEY `a_again` (`a`),
  UNIQUE KEY `id_unique` (`id`),
  KEY `idx_short` (`a`(2) DESC) USING BTREE,
  CONSTRAINT `dear` CHECK (`ratio` >= 0)
) ENGINE=InnoDB AUTO_INCREMENT=7 DEFAULT CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC COMMENT='all kinds';

CREATE TABLE IF NOT EXISTS `voucher` (
  `sn` varchar(32) COLLATE utf8mb4_general_ci,
  `slot` int NOT NULL,
  `amount` bigint NOT NULL DEFAULT 0,
  `note` varchar(9) DEFAULT NULL,
  PRIMARY KEY (`sn`),
  UNIQUE KEY `slot` (`slot`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;

CREATE TABLE IF NOT EXISTS `seat` (
  `number` int NOT NULL COMMENT 'which nobody counts',
  `holder` varchar(9) NOT NULL DEFAULT '',
  PRIMARY KEY (`number`)
);
