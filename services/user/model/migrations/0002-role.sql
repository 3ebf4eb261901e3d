-- Who may manage products, orders and payments.
ALTER TABLE `user` ADD COLUMN `role` tinyint(3) unsigned NOT NULL DEFAULT '0' COMMENT '角色: 0 customer, 1 staff, 2 admin' AFTER `password`;
