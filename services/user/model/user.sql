CREATE TABLE `user` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `name` varchar(255) NOT NULL DEFAULT '' COMMENT '用户姓名',
  `gender` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '用户性别',
  `mobile` varchar(255) NOT NULL DEFAULT '' COMMENT '用户电话',
  `password` varchar(255) NOT NULL DEFAULT '' COMMENT '用户密码',
  `role` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '角色: 0 customer, 1 staff, 2 admin',
  `unlocks` int unsigned NOT NULL DEFAULT '0' COMMENT 'how often counted wrong passwords were forgotten',
  `not_before` bigint unsigned NOT NULL DEFAULT '0' COMMENT 'tokens made before this Unix second are refused',
  `create_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP,
  `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_mobile_unique` (`mobile`),
  KEY `idx_not_before` (`not_before`),
  KEY `idx_role` (`role`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
