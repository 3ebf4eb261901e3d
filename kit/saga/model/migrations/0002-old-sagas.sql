-- So that sagas that ended long ago are found and removed.
ALTER TABLE `saga`
  ADD KEY `idx_state_update_time` (`state`,`update_time`),
  DROP KEY `idx_state`;
