"""The operators of the suites as other libraries' users write them: a file a library."""
