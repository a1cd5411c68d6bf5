-- Dimension tables that are filled from names.toml, the settings and the reference files; empty, they give NULL.
CREATE TABLE categories (id BIGINT, name VARCHAR);
CREATE TABLE protocols (id BIGINT, name VARCHAR);
CREATE TABLE logsourcetypes (id BIGINT, name VARCHAR);
CREATE TABLE logsourcegroups (id VARCHAR, name VARCHAR);
CREATE TABLE domains (id BIGINT, name VARCHAR);
CREATE TABLE rules (id VARCHAR, name VARCHAR);
CREATE TABLE processors (id BIGINT, name VARCHAR);
CREATE TABLE applications (id BIGINT, name VARCHAR);
CREATE TABLE networks (first BIGINT, last BIGINT, name VARCHAR);
CREATE TABLE assets (address BIGINT, hostname VARCHAR, username VARCHAR);
CREATE TABLE asset_properties (address BIGINT, property VARCHAR, value VARCHAR);
CREATE TABLE reference_sets (name VARCHAR, value VARCHAR);
CREATE TABLE reference_maps (name VARCHAR, key VARCHAR, value VARCHAR);
CREATE TABLE reference_map_sets (name VARCHAR, key VARCHAR, value VARCHAR);
CREATE TABLE reference_tables (name VARCHAR, field VARCHAR, key VARCHAR, value VARCHAR);
CREATE TABLE geo (address BIGINT, country VARCHAR);
