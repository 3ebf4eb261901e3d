CREATE TABLE `first_user` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `role` tinyint(3) unsigned NOT NULL COMMENT 'what the first user became',
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_role_unique` (`role`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
