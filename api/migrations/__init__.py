"""The numbered scripts that make and change the tables, and the modules that run them (peewee's `pwmigrate`).

A script never changes once it is released. Nothing but the database and its errors is imported here.
"""
