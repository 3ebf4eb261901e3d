-- Whoever takes a role away changes one row, so that on a cluster no two do so at once without one seeing the other.
CREATE TABLE IF NOT EXISTS `role_guard` (
  `id` bigint unsigned NOT NULL AUTO_INCREMENT,
  `role` tinyint(3) unsigned NOT NULL COMMENT 'that is taken away',
  `taken` bigint unsigned NOT NULL DEFAULT '1' COMMENT 'how often it was',
  PRIMARY KEY (`id`),
  UNIQUE KEY `idx_role_unique` (`role`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
