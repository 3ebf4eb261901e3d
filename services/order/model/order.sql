CREATE TABLE `order` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `uid` bigint unsigned NOT NULL DEFAULT '0' COMMENT '用户ID',
  `pid` bigint unsigned NOT NULL DEFAULT '0' COMMENT '产品ID',
  `amount` int(10) unsigned NOT NULL DEFAULT '0' COMMENT '订单金额',
  `status` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '订单状态',
  `num` int(10) unsigned NOT NULL DEFAULT '1' COMMENT '数量',
  `expire_time` timestamp NULL COMMENT '支付截止时间; NULL: none',
  `gid` varchar(128) NULL COMMENT 'saga that wrote the order',
  `stock_branch` varchar(16) NOT NULL DEFAULT '' COMMENT 'branch of a foreign saga that takes the pieces',
  `reservation` int(10) unsigned NOT NULL DEFAULT '0' COMMENT 'how often pieces were taken again',
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_gid_unique` (`gid`),
  KEY `idx_uid` (`uid`),
  KEY `idx_pid` (`pid`),
  KEY `idx_status_expire_time` (`status`, `expire_time`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
