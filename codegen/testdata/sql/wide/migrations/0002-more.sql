ALTER TABLE `order`
  ADD COLUMN `small` smallint NOT NULL DEFAULT -32768 AFTER `tiny_unsigned`,
  ADD COLUMN `medium` mediumint unsigned NOT NULL DEFAULT 16777215 AFTER `small`,
  ADD `code` char(3) NOT NULL DEFAULT '' AFTER `desc`,
  ADD COLUMN `update_time` timestamp NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
  ADD UNIQUE INDEX `model_unique` (`model`),
  DROP KEY `idx_model`;
ALTER TABLE `order` DROP INDEX `idx_big`;
ALTER TABLE `order` ADD COLUMN `expire_time` timestamp NULL DEFAULT NULL AFTER `model`;
CREATE INDEX `idx_note` ON `order` (`code`, `tiny`);
ALTER TABLE order_line ADD COLUMN num int NOT NULL DEFAULT 1;
