"""REFI-QDA project exchange, version 1.0 (https://www.qdasoftware.org): `.qdpx`.

The standard's section 8 gives the container, its Project.xsd of 18 March 2019 the XML.
"""
