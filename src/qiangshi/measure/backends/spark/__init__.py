"""The same evaluation plan on a Spark cluster; needs the extra `spark` and a Java 17 runtime."""

from qiangshi.measure.backends.spark.backend import SparkBackend

__all__ = ["SparkBackend"]
