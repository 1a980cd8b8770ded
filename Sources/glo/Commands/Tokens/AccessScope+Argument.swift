import AccessControl
import ArgumentParser

extension AccessScope: ExpressibleByArgument {}
